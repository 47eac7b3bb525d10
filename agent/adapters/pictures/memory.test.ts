import { picturesContract } from '../../../test/contracts/pictures.ts';
import { MemoryPictures } from './memory.ts';
import { NoPictures } from './none.ts';

picturesContract('memory', true, async () => {
  const pictures = new MemoryPictures();
  return { pictures, names: () => [...pictures.kept.keys()] };
});

picturesContract('none', false, async () => ({ pictures: new NoPictures(), names: () => [] }));
